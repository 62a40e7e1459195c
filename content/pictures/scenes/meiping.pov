#ifndef (G) #declare G = 0; #end
#include "studio.inc"
Meiping(G, 5)
#switch (View)
  #case (1) Shoot(<0,12.4,0>, 112, 9, 0, 17) #break
  #case (2) Twig(<0,23,0>, <0.35,1,-0.05>, 24, 0.34, 2, 0.75) Shoot(<2.4,19.8,0>, 150, 7, 0, 17) #break
#end
