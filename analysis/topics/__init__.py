"""What measures are about: their codings, the topic model where nobody has coded, novelty and resonance.

Here: the tables topics, sub_topics, topic_model, assignments, validity, novelty and resonance; the topics in the codes
of another project (`crosswalk`). Not here: links (`continuity`).
"""
