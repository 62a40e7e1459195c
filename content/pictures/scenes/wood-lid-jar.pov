#ifndef (G) #declare G = 3; #end
#include "studio.inc"
#switch (View)
  #case (1) Wood_Jar(G, 11, 5, 5) Shoot(<0,6.7,0>, 76, 13, 0, 18) #break
  #case (2)
    object { Wood_Jar(3, 14, 5.4, 5) translate <-8.6,0,3> } object { Wood_Jar(3, 11, 5, 7) translate <2.8,0,0.6> } object { Wood_Jar(3, 7.5, 4.4, 9) translate <12,0,-3.4> }
    Shoot(<0.6,6.4,0>, 96, 13, 2, 23) #break
  #case (3) object { Wood_Jar(G, 11, 5, 5) } Shoot(<0.4,10.6,0>, 52, 30, -16, 14) #break
#end
