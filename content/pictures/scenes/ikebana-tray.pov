#ifndef (G) #declare G = 8; #end
#include "studio.inc"
Ikebana(G, 5)
#switch (View)
  #case (1) Shoot(<0,1.8,0>, 96, 22, 0, 17.5) #break
  #case (2)
    cylinder { <-4,1.0,1>, <-4,2.2,1>, 2.1 texture { Brass_T } }
    cylinder { <0,1.9,0>, <0,1.95,0>, 9.2 texture { pigment { srgb <0.42,0.46,0.47> } finish { diffuse 0.5 reflection { 0.03, 0.9 fresnel on } conserve_energy } } interior { ior 1.33 } }
    Twig(<-4,2,1>, <0.55,1,0>, 19, 0.30, 2, 0.85)
    Shoot(<2.0,9.0,0>, 130, 13, 0, 18.5) #break
#end
