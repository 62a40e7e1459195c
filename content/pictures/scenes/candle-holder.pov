#ifndef (G) #declare G = 1; #end
#include "studio.inc"
#switch (View)
  #case (1) union { Holder(G, 7.5, 3) Candle(1.12, 7.0, 15) } Shoot(<0,10.8,0>, 108, 10, 0, 16.5) #break
  #case (2)
    union { Holder(1, 7.5, 3) Candle(1.12, 7.0, 15) translate <-6,0,3> }
    union { Holder(2, 5.2, 6) Candle(1.12, 4.7, 11) translate <3.6,0,-3> }
    Shoot(<-0.8,9.6,0>, 112, 15, 0, 15.5) #break
#end
