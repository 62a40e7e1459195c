#ifndef (G) #declare G = 0; #end
#include "studio.inc"
#switch (View)
  #case (1) Plate(G, 2.5, 12.6, 9.4, 3) Shoot(<0,0.6,0>, 96, 34, 0, 18) #break
  #case (2)
    Plate(0, 2.5, 12.6, 9.4, 3)
    object { Plate(1, 2.3, 10, 7.4, 5) rotate z*0.6 translate <0.3,1.05,0.2> }
    object { Plate(0, 2.3, 10, 7.4, 8) rotate z*-0.5 translate <-0.2,2.0,-0.1> }
    Shoot(<0,1.8,0>, 96, 15, 0, 18) #break
#end
