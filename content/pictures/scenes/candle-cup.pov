#ifndef (G) #declare G = 7; #end
#declare Tone = 2;
#include "studio.inc"
#macro Candle_Cup(Id, Seed)
  Tumbler(Id, 7.4, 3.9, 0.92, Seed)
  cylinder { <0,1,0>, <0,5.7,0>, 3.56 texture { Wax_T } }
  cylinder { <0,5.6,0>, <0.06,6.6,0>, 0.07 texture { pigment { srgb 0.85 } finish { Fin_Matt } } }
#end
#switch (View)
  #case (1) Candle_Cup(G, 3) Shoot(<0,3.6,0>, 58, 22, 0, 15.5) #break
  #case (2)
    union { Candle_Cup(7, 3) translate <-6.6,0,0> } union { Candle_Cup(5, 5) translate <1.8,0,-4> } union { Candle_Cup(8, 8) translate <6.2,0,5.4> }
    Shoot(<0,2.9,0>, 76, 24, 2, 21) #break
#end
