#ifndef (G) #declare G = 5; #end
#include "studio.inc"
#switch (View)
  #case (1) Tumbler(G, 8.2, 3.6, 0.84, 3) Shoot(<0,3.9,0>, 58, 15, 0, 15) #break
  #case (2)
    object { Tumbler(5, 8.2, 3.6, 0.84, 3) translate <-6.6,0,1.5> }
    object { Tumbler(1, 8.2, 3.6, 0.84, 8) translate <0.8,0,-2> }
    object { Tumbler(8, 8.2, 3.6, 0.84, 4) translate <7.4,0,3.5> }
    object { Disc(3.2, 6.8, Tea_T) translate <0.8,0,-2> }
    Shoot(<0.4,3.8,1>, 74, 19, 3, 21) #break
#end
