"""What was judged about measures by somebody who read them: codings (by coders) and decisions (by people).

Here: their files, what makes a row faulty, how far coders agree. Not here: what a run makes of them (`continuity`).
"""
