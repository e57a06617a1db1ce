"""The supervisor behind `hospital up`: it starts, keeps and ends a stack on this machine."""
