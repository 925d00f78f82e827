"""Whether what a page shows has room: measured in the browser."""

from collections.abc import Iterable

from playwright.sync_api import Page

BEYOND = """() => {
    const found = []
    const reaches = (rectangle, limit, node) => {
        if (rectangle.width && rectangle.right > limit + 1) found.push(node.textContent.trim().slice(0, 30))
    }
    const limitOf = node => {
        let limit = innerWidth
        for (let box = node; box && box !== document.body; box = box.parentElement) {
            const isOpen = getComputedStyle(box).overflowX === 'visible'
            if (!isOpen) limit = Math.min(limit, box.getBoundingClientRect().right)
        }
        return limit
    }
    const walker = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT)
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        if (!text.data.trim() || text.parentElement.closest('svg, pre')) continue
        if (!text.parentElement.checkVisibility({checkVisibilityCSS: true})) continue
        // A line that ends in dots is read whole when its row unfolds.
        if (getComputedStyle(text.parentElement).textOverflow === 'ellipsis') continue
        // Heads of tables that became blocks are cut down to nothing: only readers of screens have them.
        const head = text.parentElement.closest('thead')
        if (head && getComputedStyle(head).clip !== 'auto') continue
        const range = document.createRange()
        range.selectNodeContents(text)
        for (const rectangle of range.getClientRects()) reaches(rectangle, limitOf(text.parentElement), text)
    }
    document.querySelectorAll('article svg').forEach(each => reaches(each.getBoundingClientRect(), limitOf(each), each))
    return found
}"""
"""Where text, or a drawing, reaches beyond what shows it: the screen, or a box that cuts off or scrolls."""
UPON = """() => {
    const lines = []
    const walker = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT)
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        if (!text.data.trim() || text.parentElement.closest('svg, pre')) continue
        if (!text.parentElement.checkVisibility({checkVisibilityCSS: true})) continue
        // A line that ends in dots is read whole when its row unfolds.
        if (getComputedStyle(text.parentElement).textOverflow === 'ellipsis') continue
        // Heads of tables that became blocks are cut down to nothing: only readers of screens have them.
        const head = text.parentElement.closest('thead')
        if (head && getComputedStyle(head).clip !== 'auto') continue
        const range = document.createRange()
        range.selectNodeContents(text)
        for (const at of range.getClientRects()) if (at.width > 1) lines.push({at, text: text.data.trim().slice(0, 30)})
    }
    lines.sort((one, other) => one.at.top - other.at.top)
    const found = []
    lines.forEach((one, index) => {
        for (const other of lines.slice(index + 1)) {
            if (other.at.top >= one.at.bottom) break
            const high = Math.min(one.at.bottom, other.at.bottom) - other.at.top
            const wide = Math.min(one.at.right, other.at.right) - Math.max(one.at.left, other.at.left)
            const line = Math.min(one.at.height, other.at.height)
            if (wide > 2 && high > line / 2) found.push(`${one.text} / ${other.text}`)
        }
    })
    return found
}"""
"""Lines of text that lie upon each other by more than half their height."""


def looked_at(page: Page, base: str, paths: Iterable[str]) -> dict[str, list[str]]:
    """What reaches beyond or lies upon another on each page, where something does; at most three of it."""
    found = {}
    for path in paths:
        page.goto(base + path)
        found[path] = [*page.evaluate(BEYOND), *page.evaluate(UPON)]
    return {path: each[:3] for path, each in found.items() if each}
