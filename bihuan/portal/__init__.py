"""The portal: the pages citizens, officers, leaders and supervisors see. About forty addresses serve every pack.

Views hold neither writes nor unguarded reads; those go through the foundation.
"""
