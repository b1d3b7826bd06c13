"""What measures are about: the topic model, how its similarities become probabilities, novelty and resonance.

Here: the tables topics, topic_model, assignments, validity, novelty and resonance. Not here: links (`continuity`).
"""
