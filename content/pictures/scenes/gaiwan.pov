#ifndef (G) #declare G = 1; #end
#declare Tone = 1;
#include "studio.inc"
#switch (View)
  #case (1) object { Gaiwan(G, 6, 0) } Shoot(<0,4.0,0>, 60, 14, 0, 16) #break
  #case (2) object { Gaiwan(G, 6, 1) translate x*2.2 } Shoot(<-0.2,3.0,-0.6>, 64, 30, 0, 19.5) #break
#end
