#ifndef (G) #declare G = 0; #end
#include "studio.inc"
#switch (View)
  #case (1) Bowl(G, 4.2, 4.3, 1.35, 0.02, 6) Shoot(<0,2.1,0>, 50, 17, 0, 13.5) #break
  #case (2)
    object { Bowl(0, 4.2, 4.3, 1.35, 0.02, 6) translate <-6.4,0,-1> } object { Disc(3.35, 3.3, Tea_T) translate <-6.4,0,-1> }
    object { Bowl(2, 4.2, 4.3, 1.35, 0.02, 9) translate <2.6,0,-4.6> }
    object { Bowl(7, 4.2, 4.3, 1.35, 0.02, 2) translate <5.4,0,5> }
    Shoot(<0.2,1.6,0>, 66, 30, 3, 21) #break
#end
