#ifndef (G) #declare G = 8; #end
#include "studio.inc"
#switch (View)
  #case (1) object { Side_Pot(G, 4) rotate y*148 } Shoot(<0,4.2,-2>, 72, 19, 0, 20) #break
  #case (2) object { Side_Pot(G, 4) rotate y*38 }
    object { Bowl(1, 3.9, 3.7, 1.5, 0.5, 3) translate <9.5,0,-7> } object { Disc(3.1, 3.1, Tea_T) translate <9.5,0,-7> }
    Shoot(<1.4,3.6,-2>, 82, 32, 4, 22) #break
#end
