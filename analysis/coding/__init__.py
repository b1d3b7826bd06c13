"""What was judged about measures by somebody who read them: codings by coders, decisions by people, in one record.

Here: codebooks, packets and prompts for coders, their answers, the record, what holds of it, how far coders agree.
Not here: what a run makes of it (`topics`, `continuity`), the commands and what moves codings along (`workspace`).
"""
