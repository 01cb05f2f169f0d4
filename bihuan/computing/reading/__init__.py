"""Reading documents: statements with numbers, commitments without one, and whether printed numbers agree.

Pure functions from text to findings: no database, no clock, no network, the same text always gives the same findings.

====================  ===========================================================================================
:mod:`documents`      a file becomes lines; what others sent is taken apart in a limited child process
:mod:`passages`       lines become paragraphs: unwrapped, widths and stray blanks put right, every character with its line
:mod:`numbers`        where numbers stand in a paragraph, with their measure and their bound
:mod:`contexts`       what headings, years and lead sentences say about the sentences under them
:mod:`forms`          what the form of a number alone tells: dates, ordinals, names, counted headings
:mod:`awards`         what a policy pays, takes or asks for
:mod:`norms`          standing norms, and the threshold of a class of things
:mod:`kinds`          whether a number is a target, an actual, a rule or none of these
:mod:`periods`        which period a number belongs to
:mod:`subjects`       what a number is about, and whose it is
:mod:`statements`     all of this together: one statement for each number
:mod:`commitments`    what is promised without a number
:mod:`findings`       both in the order of the text, as a register takes them in; ``finding_child`` does it in a process of little time
:mod:`proposing`      what a model may say of the sentences the rules are unsure of; ``proposing_child`` does it in a process of little time
:mod:`notices`        which days a holiday notice gives off
:mod:`measures`       what two numbers must share to be numbers for one thing
:mod:`rounding`       arithmetic with printed numbers
:mod:`checks_inside`  relations inside a paragraph, and lists that say how long they are
:mod:`checks_wholes`  shares of a whole, and parts that make it up
:mod:`checks_across`  relations between paragraphs and documents
:mod:`checking`       all of these over documents
====================  ===========================================================================================

Words and word lists are data, in ``lexicon/``: general vocabulary of government Chinese and no names.
"""
