#ifndef (G) #declare G = 8; #end
#declare Tone = 2;
#include "studio.inc"
#switch (View)
  #case (1) Mortar(G, 4) object { Pestle() rotate z*-52 rotate y*18 translate <-3.3,2.6,-0.3> } Shoot(<0.8,4.6,0>, 78, 24, 0, 18.5) #break
  #case (2) Mortar(G, 4) Shoot(<0.6,4.6,0>, 56, 50, -10, 16.5) #break
#end
