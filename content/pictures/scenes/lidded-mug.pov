#ifndef (G) #declare G = 6; #end
#include "studio.inc"
#switch (View)
  #case (1) object { Lidded_Mug(G, 9, 0) rotate y*26 } Shoot(<0.7,6.1,0>, 66, 14, 3, 18.5) #break
  #case (2)
    object { Lidded_Mug(G, 9, 1) rotate y*-28 translate <-2.6,0,2> }
    object { Disc(3.7, 8.6, Tea_T) translate <-2.6,0,2> }
    object { Lid(G, 4.2, 0, 0.75, 0.85, 9) translate y*0.30 rotate y*40 translate <6.3,0,-4> }
    Shoot(<1.3,4.6,0>, 72, 24, 2, 19) #break
#end
