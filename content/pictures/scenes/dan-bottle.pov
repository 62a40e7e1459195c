#ifndef (G) #declare G = 5; #end
#declare Tone = 2;
#include "studio.inc"
Bottle(G, 5)
#switch (View)
  #case (1) Shoot(<0,10.6,0>, 104, 9, 0, 16) #break
  #case (2) Twig(<0,20,0>, <-0.8,0.9,0.1>, 16, 0.26, 2, 0.8) Shoot(<-2.6,16.4,0>, 136, 8, 0, 17) #break
#end
