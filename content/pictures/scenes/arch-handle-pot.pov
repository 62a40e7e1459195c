#ifndef (G) #declare G = 0; #end
#declare Tone = 2;
#include "studio.inc"
#switch (View)
  #case (1) object { Arch_Pot(G, 6) rotate y*-20 } Shoot(<0.7,6.8,0>, 80, 14, 0, 18.5) #break
  #case (2) object { Arch_Pot(G, 6) rotate y*24 translate <-3,0,4> }
    object { Bowl(G, 3.9, 3.7, 1.5, 0.5, 3) translate <8.4,0,-4> } object { Disc(3.1, 3.1, Tea_T) translate <8.4,0,-4> }
    object { Bowl(G, 3.9, 3.7, 1.5, 0.5, 8) translate <1.2,0,-9> }
    Shoot(<1,5.6,0>, 84, 22, 2, 21) #break
#end
