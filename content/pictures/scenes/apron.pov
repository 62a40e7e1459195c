#declare Tone = 0;
#include "studio.inc"
#declare Yarn_S = 0.34; #declare Yarn_D = 0.93;
#ifndef (C) #declare C = 0; #end
#local Cc = array[2] { Flax_C, Indigo_C };
#local Ac = Cc[C];
plane { z, 5 texture { Floor_T } }
// Outline: half width by the distance u from the bib's top (90 cm long).
#ifdef (Half) #undef Half #end #declare Half = function(x) { 13 + 22 / (1 + exp(-(x - 29) * 0.42)) }
#ifdef (Cloth_X) #undef Cloth_X #end #declare Cloth_X = function(x, y, z) { (y / 70 - 0.5) * 2 * Half(x) * (1 - 0.05 * x / 90) }
#ifdef (Cloth_Y) #undef Cloth_Y #end #declare Cloth_Y = function(x, y, z) { 100 - x }
#ifdef (Cloth_Z) #undef Cloth_Z #end #declare Cloth_Z = function(x, y, z) { -0.5 - (sin(y * 0.30 + 0.8 + x * 0.008) * 1.1 + sin(y * 0.13 + 2) * 0.9) * min(1, max(0, (x - 8) / 55)) - 0.15 * sin(y * 0.12) }
object { Cloth(90, 70, 110, 110) Woven(Ac, White_C) }
// Pocket, a few millimetres before the front.
#ifdef (Skirt_Z) #undef Skirt_Z #end #declare Skirt_Z = function(x, y, z) { Cloth_Z(x, y, z) }
#ifdef (Cloth_X) #undef Cloth_X #end #declare Cloth_X = function(x, y, z) { (y / 26 - 0.5) * 26 }
#ifdef (Cloth_Y) #undef Cloth_Y #end #declare Cloth_Y = function(x, y, z) { 56 - x }
#ifdef (Cloth_Z) #undef Cloth_Z #end #declare Cloth_Z = function(x, y, z) { Skirt_Z(44 + x, 35 + (y - 13) * 0.98, 0) - 0.45 - 0.9 * (1 - x / 20) * (1 - pow((y - 13) / 13, 2)) }
object { Cloth(20, 26, 30, 50) Woven(Ac * 0.90, White_C) }
// Neck loop over a peg, and one string hanging.
#local Q = array[7] { <-12,99.4,-0.6>, <-11,104,-0.6>, <-5.5,113.5,-0.8>, <0,116.6,-1.2>, <5.5,113.5,-0.8>, <11,104,-0.6>, <12,99.4,-0.6> }
#local V = array[7] { <0.16,1.1,0>, <0.16,1.1,0>, <0.2,1.0,0>, <0.5,0.6,0>, <0.2,1.0,0>, <0.16,1.1,0>, <0.16,1.1,0> }
object { Tube(Q, V, 10, 16, z) texture { pigment { Ac * 0.96 } finish { ambient 0 diffuse 0.84 } } }
#local Q = array[5] { <33.4,62,-0.6>, <35.4,58,-0.8>, <35.2,48,-1.2>, <36,38,-0.9>, <35.2,27,-1.4> }
#local V = array[5] { <0.16,0.8,0>, <0.16,0.8,0>, <0.4,0.7,0>, <0.16,0.8,0>, <0.16,0.8,0> }
object { Tube(Q, V, 10, 16, z) texture { pigment { Ac * 0.96 } finish { ambient 0 diffuse 0.84 } } }
object { Tube(Q, V, 10, 16, z) scale <-1,1,1> texture { pigment { Ac * 0.96 } finish { ambient 0 diffuse 0.84 } } }
cylinder { <0,115.4,5>, <0,115.4,-3.4>, 1.1 texture { Beech_T rotate y*90 } }
sphere { <0,115.4,-3.4>, 1.35 scale <1,1,1> texture { Beech_T } }
#switch (View)
  #case (1) Shoot(<0,63,0>, 400, 2, 6, 16.5) #break
  #case (2) Shoot(<3,56,0>, 190, 8, -14, 17) #break
#end
