#ifndef (G) #declare G = 3; #end
#include "studio.inc"
#switch (View)
  #case (1) object { Mug(G, 8.4, 4.0, 12) rotate y*24 } Shoot(<0.7,4.0,0>, 60, 15, 4, 17) #break
  #case (2)
    object { Mug(3, 8.4, 4.0, 12) rotate y*35 translate <-5.6,0,0> }
    object { Mug(4, 10.2, 4.45, 5) rotate y*-30 translate <5.4,0,4> }
    Shoot(<0.4,4.6,2>, 72, 16, 2, 23) #break
#end
