// 双十二: one bowl of each colour. Campaign picture, wide.
#declare Tone = 1; #declare Sweep_Z = 60;
#include "studio.inc"
#declare KR = 112;
union { Plate(1, 2.3, 12.6, 9.4, 3) object { Plate(0, 2.3, 10, 7.4, 5) translate <0.2,1.05,0> } object { Bowl(3, 6.2, 5.9, 2.5, 0.75, 2) translate <0.1,1.75,0> } translate <-1,0,5> }
union { Bowl(7, 6.2, 5.9, 2.5, 0.75, 4) object { Bowl(0, 6.2, 5.9, 2.5, 0.75, 7) rotate z*1.2 translate <0.12,2.35,0> } object { Bowl(1, 6.2, 5.9, 2.5, 0.75, 2) rotate z*-1 translate <-0.1,4.7,0.1> } translate <-22,0,7> }
object { Mug(6, 9.2, 4.1, 7) rotate y*30 translate <19,0,6> }
object { Tumbler(5, 8.2, 3.6, 0.84, 3) translate <29.5,0,9> }
object { Plate(4, 1.9, 4.7, 3.1, 3) translate <14.5,0,-6> }
Shoot(<2,5.0,3>, 140, 17, 0, 26)
