#declare Tone = 2;
#include "studio.inc"
#ifndef (C) #declare C = 0; #end
#local Cc = array[3] { Grey_C, Indigo_C, Rust_C };
#ifdef (Band) #undef Band #end #declare Band = function(x, y, z) { (abs(x - 3) < 0.25) + (abs(x - 42) < 0.25) }
object { Flat(32, 45, 1.6, 3, Cc[C], White_C) }
#switch (View)
  #case (1)
    object { Plate(1, 2.3, 11, 8.2, 5) translate <-1,0.2,0> } object { Bowl(0, 6.2, 5.9, 2.5, 0.75, 4) translate <-1,1.0,0> }
    object { Rest(4, 2) rotate y*85 translate <14.4,0.4,-4> }
    object { Chopstick() scale <1,0.8,0.8> rotate y*-88 rotate x*2.5 translate <14.0,1.1,-5> } object { Chopstick() scale <1,0.8,0.8> rotate y*-90 rotate x*2.5 translate <14.9,1.1,-5> }
    Shoot(<0,0.5,0>, 140, 44, 0, 23) #break
  #case (2) Shoot(<-15,0,-7>, 62, 34, -18, 19) #break
#end
