#ifndef (G) #declare G = 8; #end
#include "studio.inc"
#switch (View)
  #case (1) object { Oval_Plate(G, 6) rotate y*16 } Shoot(<0,0.5,0>, 100, 27, 0, 18.5) #break
  #case (2) object { Oval_Plate(G, 6) rotate y*-24 } Shoot(<0.3,0.8,0>, 84, 52, -4, 21) #break
#end
