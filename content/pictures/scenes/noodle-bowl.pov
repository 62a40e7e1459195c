#ifndef (G) #declare G = 3; #end
#declare Tone = 2;
#include "studio.inc"
Bowl(G, 8.4, 9.4, 3.6, 0.55, 5)
#switch (View)
  #case (1) Shoot(<0,3.9,0>, 84, 17, 0, 17.5) #break
  #case (2)
    object { Chopstick() rotate y*14 translate <-9,8.65,-5.4> } object { Chopstick() rotate y*10 translate <-9,8.65,-4.4> }
    Shoot(<0.6,3.6,0>, 86, 46, 0, 19.5) #break
#end
