#include "studio.inc"
#ifdef (Band) #undef Band #end #declare Band = function(x, y, z) { (abs(x - 2.4) < 0.3) + (abs(x - 32.6) < 0.3) }
#ifndef (C) #declare C = 0; #end
#local Cc = array[2] { Flax_C, Sage_C };
box { <-90, 18, -10>, <90, 22, 70> texture { Walnut_T scale 3 } }
object { Over_Edge(35, 69, -10, 26, 22, 2, Cc[C], White_C) }
object { Moon_Jar(1, 5) scale 0.8 translate <-3.5,22.2,22> }
object { Bowl(0, 3.9, 3.7, 1.5, 0.5, 3) translate <8.5,22.2,6> }
#switch (View)
  #case (1) Shoot(<0,22,6>, 150, 17, 16, 21) #break
  #case (2) Shoot(<2,21,-4>, 92, 24, -26, 20) #break
#end
