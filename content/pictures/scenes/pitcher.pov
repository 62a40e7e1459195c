#ifndef (G) #declare G = 1; #end
#declare Tone = 3;
#include "studio.inc"
#switch (View)
  #case (1) object { Pitcher_Handled(G, 4, 0) rotate y*-22 } Shoot(<0,4.2,0>, 60, 14, 0, 16) #break
  #case (2) object { Pitcher_Handled(G, 4, 1) rotate y*-48 } Shoot(<0,4.6,0>, 54, 40, 0, 17) #break
#end
