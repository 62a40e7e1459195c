#ifndef (G) #declare G = 4; #end
#declare Tone = 1;
#include "studio.inc"
#switch (View)
  #case (1) Caddy(G, 4) Shoot(<0,5.4,0>, 66, 14, 0, 16.5) #break
  #case (2) object { Caddy(4, 4) translate <-5.8,0,0> } object { Caddy(8, 8) translate <6,0,5> } Shoot(<0.2,5,2>, 78, 18, 2, 22) #break
#end
