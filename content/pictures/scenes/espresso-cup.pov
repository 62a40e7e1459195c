#ifndef (G) #declare G = 2; #end
#declare Tone = 2;
#include "studio.inc"
object { Espresso(G, 5) rotate y*30 }
#switch (View)
  #case (1) Shoot(<0.2,2.9,0>, 58, 18, 0, 16) #break
  #case (2) Shoot(<0.2,2.6,0>, 54, 52, -14, 17) #break
#end
