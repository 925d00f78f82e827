"""What payroll gets: the newest amounts less what was handed over before, and a record of each batch."""

from kpibook.exchange.payroll.amounts import Due, PayrollKind, PayrollRow, payroll_rows
from kpibook.exchange.payroll.batches import BATCHES, Batch, BatchFault, batch_id, batch_text, read_batch
from kpibook.exchange.payroll.sheets import ENDINGS, AmountTooLong, money_text, sheet_bytes

__all__ = [
    "BATCHES",
    "ENDINGS",
    "AmountTooLong",
    "Batch",
    "BatchFault",
    "Due",
    "PayrollKind",
    "PayrollRow",
    "batch_id",
    "batch_text",
    "money_text",
    "payroll_rows",
    "read_batch",
    "sheet_bytes",
]
