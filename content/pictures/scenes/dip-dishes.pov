#declare Tone = 2;
#include "studio.inc"
#switch (View)
  #case (1)
    object { Plate(0, 1.9, 4.7, 3.1, 1) translate <-5.4,0,2.4> } object { Plate(1, 1.9, 4.7, 3.1, 2) translate <5.2,0,4.4> }
    object { Plate(4, 1.9, 4.7, 3.1, 3) translate <-3.2,0,-8> } object { Plate(6, 1.9, 4.7, 3.1, 4) translate <7,0,-6.4> }
    Shoot(<0.6,0,-1.6>, 86, 42, 0, 19.5) #break
  #case (2)
    object { Plate(6, 1.9, 4.7, 3.1, 4) } object { Plate(4, 1.9, 4.7, 3.1, 3) rotate z*0.8 translate <0.1,0.95,0> }
    object { Plate(1, 1.9, 4.7, 3.1, 2) rotate z*-0.8 translate <-0.1,1.9,0> } object { Plate(0, 1.9, 4.7, 3.1, 1) translate <0,2.85,0.1> }
    Shoot(<0,2.1,0>, 56, 15, 0, 14.5) #break
#end
