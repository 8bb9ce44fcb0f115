"""What is plugged in: scanners, webcam, printers, the clock of the machine."""
