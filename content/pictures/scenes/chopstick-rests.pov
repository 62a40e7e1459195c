#declare Tone = 1;
#include "studio.inc"
#switch (View)
  #case (1)
    #for (I, 0, 4)
      #local Ids = array[5] { 0, 1, 4, 6, 7 };
      object { Rest(Ids[I], I) rotate y*(68 + 4*I) translate <-6.6 + 3.3*I, 0.16, 0.8 * mod(I, 2)> }
    #end
    Shoot(<0,0.4,0.4>, 50, 36, 0, 20) #break
  #case (2)
    object { Rest(0, 2) rotate y*80 translate <-3,0.16,0> }
    object { Chopstick() rotate z*1.5 translate <-5.6,1.12,-0.42> } object { Chopstick() rotate z*1.5 rotate y*-1.5 translate <-5.6,1.12,0.42> }
    Shoot(<0.4,0.8,0>, 44, 27, -28, 17) #break
#end
