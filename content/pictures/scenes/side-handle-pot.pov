#ifndef (G) #declare G = 8; #end
#include "studio.inc"
#switch (View)
  #case (1) object { Side_Pot(G, 4) rotate y*152 } Shoot(<-0.4,4.2,-2>, 72, 19, 0, 20) #break
  #case (2) object { Side_Pot(G, 4) rotate y*166 translate x*1.5 }
    object { Bowl(1, 3.9, 3.7, 1.5, 0.5, 3) translate <-9.6,0,-4.5> } object { Disc(3.1, 3.1, Tea_T) translate <-9.6,0,-4.5> }
    Shoot(<-1.6,3.4,-2>, 80, 30, 0, 21) #break
#end
