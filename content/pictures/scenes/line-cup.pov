#declare Tone = 3;
#include "studio.inc"
// White ground, three cobalt lines drawn on the wheel: two under the lip, one at the foot.
#declare Ground = texture { Glaze_Surface(1, 5) scale 1 / 60 };
#declare Cobalt = texture { pigment { bozo color_map { [0 srgb <0.14,0.23,0.47>] [1 srgb <0.30,0.41,0.63>] } scale <0.5,2,0.5> } finish { Fin_Gloss } scale 1 / 60 };
#macro Line_Cup(Seed)
  #local Q = array[15] { <0.01,0.35,0>, <1.25,0.35,0>, <1.35,0.02,0>, <1.55,0.02,0>, <1.65,0.5,0>, <2.4,0.95,0>, <3.0,2.2,0>, <3.15,3.8,0>, <3.2,4.75,0>, <3.22,4.93,0>, <3.1,5.0,0>, <2.98,4.9,0>, <2.85,3.7,0>, <2.2,1.1,0>, <0.01,0.75,0> }
  object { Revolve(Q, KS, KR, 0.006, Seed)
    texture { gradient y texture_map {
      [0.0262 Ground] [0.0267 Cobalt] [0.0281 Cobalt] [0.0286 Ground]
      [0.0700 Ground] [0.0705 Cobalt] [0.0722 Cobalt] [0.0727 Ground]
      [0.0745 Ground] [0.0748 Cobalt] [0.0755 Cobalt] [0.0758 Ground] } scale 60 warp { turbulence 0.05 octaves 2 } }
    interior { ior 1.5 } }
#end
#switch (View)
  #case (1) Line_Cup(3) Shoot(<0,2.4,0>, 48, 15, 0, 12) #break
  #case (2)
    object { Line_Cup(3) translate <-4.2,0,-1> } object { Disc(2.75, 4.0, Tea_T) translate <-4.2,0,-1> }
    object { Line_Cup(8) translate <3.4,0,-2.6> } object { Line_Cup(5) translate <1.6,0,5> }
    Shoot(<0.1,2.0,0>, 58, 26, 2, 18) #break
#end
