#declare Tone = 1;
#include "studio.inc"
#ifndef (C) #declare C = 0; #end
#switch (View)
  #case (1) // hung on a rod
    #ifdef (Band) #undef Band #end #declare Band = function(x, y, z) { (abs(y - 54) < 1.1) + (abs(y - 51) < 0.35) }
    plane { z, 7 texture { Floor_T } }
    cylinder { <-40,60,0>, <40,60,0>, 0.9 texture { Beech_T } }
    #if (C = 0) Hung(38, 40, 14, 60, 1.0, 2, White_C, Indigo_C) #else Hung(38, 40, 14, 60, 1.0, 2, Flax_C, Rust_C) #end
    Shoot(<0,41,0>, 150, 3, 8, 21) #break
  #case (2)
    #ifdef (Band) #undef Band #end #declare Band = function(x, y, z) { (abs(x - 19) < 0.8) + (abs(x - 17) < 0.25) }
    object { Folded(17, 22, 4, 0.42, 3, White_C, Indigo_C) rotate y*-30 }
    object { Folded(17, 22, 4, 0.42, 5, Flax_C, Rust_C) rotate y*-32 translate y*1.9 }
    Shoot(<0,1.4,0>, 84, 25, 0, 20) #break
#end
