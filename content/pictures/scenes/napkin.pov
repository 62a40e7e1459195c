#declare Tone = 0;
#include "studio.inc"
#ifdef (Band) #undef Band #end #declare Band = function(x, y, z) { 0 }
#switch (View)
  #case (1)
    object { Folded(15, 16, 4, 0.36, 3, Sage_C, White_C) rotate y*-28 }
    object { Folded(15, 16, 4, 0.36, 5, White_C, White_C) rotate y*-31 translate <0,1.65,0> }
    object { Folded(15, 16, 4, 0.36, 8, Rust_C, White_C) rotate y*-25 translate <0.1,3.3,0.1> }
    Shoot(<0,2.2,0>, 80, 22, 0, 19) #break
  #case (2)
    object { Folded(9, 20, 3, 0.34, 8, Sage_C, White_C) rotate y*20 translate <0,1.0,0> }
    object { Plate(1, 2.3, 12.2, 9.2, 5) }
    Shoot(<0,0.9,0>, 100, 44, 0, 18) #break
#end
