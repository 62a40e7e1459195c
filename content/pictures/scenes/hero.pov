// The home page: breakfast and tea on one table.
#declare Tone = 0; #declare Sweep_Z = 60; #declare Yarn_S = 0.13;
#include "studio.inc"
#declare KR = 128;
#ifdef (Band) #undef Band #end #declare Band = function(x, y, z) { (abs(x - 2.4) < 0.3) + (abs(x - 34.6) < 0.3) }
object { Flat(96, 37, 0, 4, Flax_C, White_C) rotate y*90 translate <-3,0,-2> }
object { Moon_Jar(1, 5) translate <-23,0.2,12> }
union { Twig(<-22,15.5,12>, <0.9,0.22,-0.1>, 25, 0.36, 2, 0.9) }
object { Arch_Pot(0, 6) rotate y*20 translate <-1,0.2,7> }
object { Mug(3, 8.4, 4.0, 12) rotate y*32 translate <15.5,0.2,4> }
object { Disc(3.45, 7.2, Coffee_T) translate <15.5,0.2,4> }
union { Bowl(7, 6.2, 5.9, 2.5, 0.75, 4) object { Bowl(1, 6.2, 5.9, 2.5, 0.75, 7) rotate z*1.2 translate <0.12,2.35,0> } translate <30,0.1,9> }
union { Bowl(0, 3.9, 3.7, 1.5, 0.5, 3) Disc(3.1, 3.1, Tea_T) translate <9.5,0.2,-9> }
union { Bowl(6, 3.9, 3.7, 1.5, 0.5, 8) translate <-1.5,0.2,-11> }
object { Plate(0, 1.9, 4.7, 3.1, 1) translate <24.5,0.2,-7> }
#switch (View)
  #case (1) Shoot(<2.6,9.6,2>, 150, 14, 0, 26.5) #break
#end
