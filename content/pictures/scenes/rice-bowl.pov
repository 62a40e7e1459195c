#ifndef (G) #declare G = 0; #end
#include "studio.inc"
#switch (View)
  #case (1) Bowl(G, 6.2, 5.9, 2.5, 0.75, 4) Shoot(<0,2.9,0>, 62, 18, 0, 15.5) #break
  #case (2)
    Bowl(7, 6.2, 5.9, 2.5, 0.75, 4)
    object { Bowl(1, 6.2, 5.9, 2.5, 0.75, 7) rotate z*1.2 translate <0.12,2.35,0> }
    object { Bowl(0, 6.2, 5.9, 2.5, 0.75, 2) rotate z*-1 translate <-0.1,4.7,0.1> }
    Shoot(<0,5.2,0>, 72, 16, 0, 17.5) #break
#end
