def xlsx(packet):
    return b"x"
