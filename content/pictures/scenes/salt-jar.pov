#ifndef (G) #declare G = 5; #end
#declare Tone = 2;
#include "studio.inc"
#switch (View)
  #case (1) Salt_Jar(G, 4, 1) Shoot(<0,4.4,0>, 58, 16, 0, 16.5) #break
  #case (2)
    Salt_Jar(G, 4, 0) cylinder { <0,3.2,0>, <0,4.6,0>, 3.9 texture { pigment { srgb 0.95 } normal { granite 0.6 scale 0.3 } finish { Fin_Matt } } }
    object { Lid(G, 3.7, 0, 0.9, 0.7, 4) translate <7.4,0.3,-3> }
    Shoot(<2.2,2.6,-0.6>, 64, 30, 0, 18.5) #break
#end
