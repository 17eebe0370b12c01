import ByteIO
