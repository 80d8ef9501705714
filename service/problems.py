"""Every problem that the service answers, by its code. ``service/README.md`` lists them; a test holds both together."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict

from extractor.document import Message

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong. ``code`` is for programs; ``detail`` (English) and ``detail_zh`` for people."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    code: str
    detail: str
    detail_zh: str


class ProblemError(Exception):
    """Raised anywhere below an endpoint; answered as a problem. The message holds nothing of a report's text."""

    def __init__(
        self,
        status: int,
        code: str,
        message: Message,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        """``more`` are members that the problem has beside the usual ones."""
        super().__init__(code)
        self.problem = problem(status, code, message)
        self.headers = headers
        self.more = more or {}

    @classmethod
    def of(cls, found: Problem) -> ProblemError:
        """The error that is answered with this problem."""
        return cls(found.status, found.code, Message(found.detail_zh, found.detail))


@dataclass(frozen=True, slots=True)
class Known:
    """A problem that is the same each time."""

    status: int
    zh: str
    en: str


KNOWN: dict[str, Known] = {
    "undecodable": Known(400, "字节序列不属于任何可识别的编码。", "The bytes are in no known encoding."),
    "invalid_json": Known(
        400,
        "请求体不是有效的 JSON。应为一个 JSON 对象。请检查引号与转义。",
        "The body is no valid JSON. Expected a JSON object. Check quotes and escapes.",
    ),
    "invalid_multipart": Known(
        400,
        "multipart 请求体无法解析。应含名为 file 的文件字段。请检查 boundary 与字段名。",
        "The multipart body cannot be read. Expected files in fields named file. Check boundary and field names.",
    ),
    "unauthorized": Known(
        401,
        "缺少有效的 API 密钥。应有请求头 Authorization: Bearer nb_…。请用 nianbao keys create 创建密钥。",
        "There is no valid API key. Expected the header Authorization: Bearer nb_…. Make one with nianbao keys create.",
    ),
    "forbidden": Known(
        403,
        "该密钥的权限不足。应为更高的角色（read、review、admin）。请换用其他密钥。",
        "This key may not do that. Expected a higher role (read, review, admin). Use another key.",
    ),
    "host_not_allowed": Known(
        403,
        "不接受该 Host。未启用密钥时只接受本机地址。请启用密钥，或修改 NIANBAO_ALLOWED_HOSTS。",
        "This Host is not answered. Without keys only this machine's names are. Use keys or NIANBAO_ALLOWED_HOSTS.",
    ),
    "cross_origin": Known(
        403,
        "不接受来自其他网站的请求。应由本服务的页面或程序发出。请直接访问本服务。",
        "Requests from other web sites are not taken. Expected one of this service's pages, or a program.",
    ),
    "not_found": Known(
        404,
        "没有这样的地址或对象。应为已存储的对象的标识。请用列表接口查找，详见 /openapi.json。",
        "There is nothing by this address or id. Expected the id of something stored. See the lists, /openapi.json.",
    ),
    "method_not_allowed": Known(
        405,
        "该地址不接受此方法。应为 /openapi.json 所列的方法。请修改请求。",
        "This address does not take this method. Expected one that /openapi.json names. Change the request.",
    ),
    "too_slow": Known(
        408,
        "请求体未在时限内到达。应更快发送。请检查网络后重试。",
        "The body did not arrive in time. Expected it faster. Check the network and try again.",
    ),
    "conflict": Known(
        409,
        "对象的当前状态不允许此操作。请先查看其状态。",
        "Its present state does not allow that. Look at its status first.",
    ),
    "annotations_conflict": Known(
        409,
        "新标注与数据集中已有的标注不一致，未导入任何标注。详见 report.conflicts。请统一后重新导入，或用 prefer 决定。",
        "New annotations contradict those in the dataset: nothing was imported. report.conflicts lists them. "
        "Settle them and import again, or decide with prefer.",
    ),
    "nothing_to_learn": Known(
        409,
        "数据集的训练部分没有可供该模型学习的标注。请先用 POST /v1/annotations 导入标注。",
        "The train part of the dataset has nothing for this model. Import annotations first: POST /v1/annotations.",
    ),
    "not_judged": Known(
        409,
        "该版本尚未与现用版本在当前数据上比较。请先用 POST /v1/models/{version}/judgement 比较。",
        "The version was not compared with the one that serves on the present data. "
        "Compare first: POST /v1/models/{version}/judgement.",
    ),
    "gate_refused": Known(
        409,
        "评测未通过，不予启用。详见 judgement。确有理由时用 force 写明理由，理由会被记录。",
        "The gate does not allow it: judgement says why. With a reason, which is recorded, use force.",
    ),
    "nothing_before": Known(
        409,
        "没有可以退回的版本。只有启用过其他版本之后才能退回。",
        "There is no version to go back to. There is one only after another version was promoted.",
    ),
    "too_large": Known(
        413, "输入过大。请每次只提交一份报告的正文。", "The input is too large. Send one report at a time."
    ),
    "text_too_long": Known(
        413,
        "文本过长。应为一份报告的正文。请拆分后提交，或调高 NIANBAO_MAX_CHARACTERS。",
        "The text is too long. Expected the text of one report. Split it, or raise NIANBAO_MAX_CHARACTERS.",
    ),
    "export_too_large": Known(
        413,
        "导出行数过多。请用 POST /v1/jobs 建立导出任务，或缩小筛选范围。",
        "The export has too many rows to be answered at once. Make it a job with POST /v1/jobs, or filter more.",
    ),
    "binary": Known(415, "输入是二进制内容（PDF），不是文本。", "The input is binary (PDF), not text."),
    "unsupported_media_type": Known(
        415,
        "不支持该 Content-Type。应为 /openapi.json 所列的类型。请修改请求头。",
        "This Content-Type is not read. Expected one that /openapi.json names. Set the header accordingly.",
    ),
    "empty": Known(422, "输入为空，没有任何文字。", "The input is empty."),
    "invalid_request": Known(422, "字段不符合要求（text）。", "These fields do not fit: text."),
    "annotations_refused": Known(
        422,
        "有标注不予接受，未导入任何标注。详见 report.refusals。请改正后重新导入，或用 keep_good 只导入正确的。",
        "Some annotations are refused: nothing was imported. report.refusals says which and why. "
        "Put them right and import again, or take those that are right with keep_good.",
    ),
    "invalid_cursor": Known(
        422,
        "cursor 无效。应为上一页答复中的 next。请从第一页重新开始。",
        "The cursor is not valid. Expected the next of an earlier page. Start again at the first page.",
    ),
    "idempotency_mismatch": Known(
        422,
        "该 Idempotency-Key 已用于另一个请求。每个请求应有自己的值。请换一个。",
        "This Idempotency-Key was used for another request. Expected one of its own for each. Choose another.",
    ),
    "rate_limited": Known(
        429,
        "该密钥的请求过于频繁。请按 Retry-After 的秒数等待后重试。",
        "This key asks too often. Wait as many seconds as Retry-After says, then try again.",
    ),
    "crashed": Known(
        500,
        "处理该文本时程序出错。应为正常处理任何文本。请将该文本报告给开发者。",
        "The software failed on this text. It should take any text. Please report the text to the developers.",
    ),
    "internal": Known(
        500,
        "服务内部出错。请将 X-Request-ID 告知管理员，由其查看日志。",
        "The service failed. Give the X-Request-ID to whoever runs it: the log says more.",
    ),
    "models_damaged": Known(
        500,
        "模型文件缺失或损坏。应与其档案所记的摘要一致。请管理员查看日志，重新安装或退回其他版本。",
        "Files of a model are missing or damaged. Expected those that its record names. "
        "Whoever runs the service finds the reason in the log; install again, or roll back.",
    ),
    "dataset_damaged": Known(
        500,
        "标注数据集与其清单不符。请管理员查看日志，并运行 nianbao annotate manifest。",
        "The dataset is not what its manifest says. Whoever runs the service finds the reason in the log; "
        "run nianbao annotate manifest.",
    ),
    "training_missing": Known(
        501,
        "未安装训练所需的软件包。请执行 pip install 'nianbao[train]'。",
        "What training needs is not installed here. Run pip install 'nianbao[train]'.",
    ),
    "parquet_missing": Known(
        501,
        "未安装 Parquet 支持。请执行 pip install 'nianbao[parquet]'，或选择其他格式。",
        "Parquet is not installed here. Run pip install 'nianbao[parquet]', or choose another format.",
    ),
    "busy": Known(
        503,
        "服务繁忙。请按 Retry-After 的秒数等待后重试。",
        "The service is busy. Wait as many seconds as Retry-After says, then try again.",
    ),
    "not_ready": Known(503, "服务尚未就绪。请稍后重试。", "The service is not ready. Try again a little later."),
    "time_limit": Known(
        504,
        "该文本未能在时限内读完。应为一份报告的正文。请拆分后提交，或调高 NIANBAO_REQUEST_SECONDS。",
        "This text was not read in time. Expected one report. Split it, or raise NIANBAO_REQUEST_SECONDS.",
    ),
}


def problem(status: int, code: str, message: Message) -> Problem:
    """The problem of a status and code."""
    return Problem(
        type=f"urn:nianbao:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=message.en,
        detail_zh=message.zh,
    )


def known(code: str) -> Problem:
    """The problem that always reads the same."""
    found = KNOWN[code]
    return problem(found.status, code, Message(found.zh, found.en))


def refusal(code: str, headers: dict[str, str] | None = None, **more: Any) -> ProblemError:
    """The error that is answered with a known problem, and with these further members."""
    found = KNOWN[code]
    return ProblemError(found.status, code, Message(found.zh, found.en), headers, more)


# What may happen to any request, and to any that brings a body.
_ALWAYS = ("unauthorized", "forbidden", "host_not_allowed", "cross_origin", "rate_limited", "internal", "busy")
_BODY = ("undecodable", "invalid_json", "too_slow", "too_large", "binary", "unsupported_media_type", "empty")
REPORT = (*_BODY, "text_too_long", "invalid_request", "crashed", "time_limit")
CHANGE = (*_BODY, "invalid_request", "not_found")
LIST = ("invalid_request", "invalid_cursor")
ONE = ("invalid_request", "not_found")


def responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """What /openapi.json says of these problems, and of those that any request may meet: an example of each."""
    out: dict[int | str, dict[str, Any]] = {}
    for code in sorted({*codes, *_ALWAYS}, key=lambda c: (KNOWN[c].status, c)):
        found = known(code)
        response = out.setdefault(
            found.status,
            {
                "description": HTTPStatus(found.status).phrase,
                "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema(), "examples": {}}},
            },
        )
        response["content"][MEDIA_TYPE]["examples"][code] = {"value": found.model_dump()}
        if code in ("busy", "rate_limited"):
            response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait"}}
    return out
