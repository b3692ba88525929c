graph [
  node [ id 0 label "Wien" ]
  node [ id 1 label "Graz" ]
  edge [ source 0 target 1 ]
  edge [ source 1 target 1 ]
]
