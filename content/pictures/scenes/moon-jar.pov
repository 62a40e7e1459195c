#ifndef (G) #declare G = 1; #end
#declare Tone = 1;
#include "studio.inc"
Moon_Jar(G, 5)
#switch (View)
  #case (1) Shoot(<0,8.7,0>, 100, 9, 0, 16) #break
  #case (2) Twig(<-1,15,0>, <-0.8,0.8,0>, 22, 0.36, 2, 0.8) Twig(<1.4,15,0.5>, <0.8,0.8,0.2>, 15, 0.27, 1, 0.95) Shoot(<-3,15.6,0>, 150, 7, 0, 18) #break
#end
