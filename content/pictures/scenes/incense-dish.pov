#ifndef (G) #declare G = 8; #end
#declare Tone = 1;
#include "studio.inc"
#switch (View)
  #case (1) Incense(G, 3, 1) Shoot(<0,5.8,0>, 70, 15, 0, 17) #break
  #case (2) Incense(G, 3, 0) Shoot(<0,0.6,0>, 52, 40, 0, 16) #break
#end
