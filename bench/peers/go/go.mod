module tickstorm.io/bench

go 1.24
