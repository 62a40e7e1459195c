#ifndef (G) #declare G = 0; #end
#include "studio.inc"
Meiping(G, 5)
#switch (View)
  #case (1) Shoot(<0,12.4,0>, 112, 9, 0, 17) #break
  #case (2) Twig(<0,23,0>, <0.75,0.9,-0.05>, 19, 0.34, 2, 0.8) Shoot(<3.6,19.6,0>, 150, 7, 0, 18) #break
#end
