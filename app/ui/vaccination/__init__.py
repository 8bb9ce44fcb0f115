"""The vaccination station (接种): the queue, the guided checklist, the stop, the recipient's own look."""
