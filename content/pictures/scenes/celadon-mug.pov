#include "studio.inc"
object { Mug(G, 9.2, 4.1, 7) rotate y*28 }
#switch (View)
  #case (1) Shoot(<0.7,4.3,0>, 62, 15, 4, 17) #break
  #case (2) object { Disc(3.55, 7.9, Coffee_T) } Shoot(<0.7,5.2,0>, 52, 44, -18, 18) #break
  #case (3) Shoot(<1.6,6.9,0>, 40, 20, -24, 12) #break
#end
