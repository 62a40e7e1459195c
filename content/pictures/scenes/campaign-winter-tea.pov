// 冬日围炉: tea for an evening. Campaign picture, wide.
#declare Tone = 2; #declare Sweep_Z = 60;
#include "studio.inc"
object { Side_Pot(4, 4) rotate y*150 translate <-9,0,4> }
union { Gaiwan(0, 6, 0) translate <12,0,6> }
union { Bowl(4, 4.2, 4.3, 1.35, 0.02, 6) Disc(3.35, 3.3, Tea_T) translate <3.6,0,-6.5> }
union { Bowl(0, 4.2, 4.3, 1.35, 0.02, 9) Disc(3.35, 3.3, Tea_T) translate <15,0,-7.5> }
union { Holder(2, 5.2, 6) Candle(1.12, 4.7, 13) translate <25,0,10> }
union { Caddy(8, 8) translate <-25,0,9> }
Shoot(<0.5,6.6,2>, 140, 15, 0, 25)
